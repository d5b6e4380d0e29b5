"""`@mock_sms` on test classes, and their subclasses."""

import unittest

import boto3
import pytest

from pinpoint_sms_emu import mock_sms
from pinpoint_sms_emu.doors.in_process import blocks, decorated_classes
from tests.doors.opt_out_lists import SERVICE, make_list, names

pytestmark = pytest.mark.usefixtures("bare")

client = boto3.client(
    SERVICE, "us-east-1", aws_access_key_id="123456789012", aws_secret_access_key="any"
)


@pytest.fixture(autouse=True)
def nothing_is_left_open():
    """No block is open before and after a test class."""
    assert not blocks.are_open()
    yield
    assert not blocks.are_open()
    assert not decorated_classes._scopes


def run(case):
    """Run a unittest class, and return what it has recorded."""
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    assert not result.errors, result.errors[0][1]
    assert not result.failures
    assert result.testsRun
    return sorted(case.seen)


@pytest.fixture
def run_file(pytester):
    """Run a test file with pytest; every test passes, and no block stays open."""
    head = """
    import boto3, dataclasses, pytest, unittest
    from pinpoint_sms_emu import mock_sms
    from pinpoint_sms_emu.doors.in_process import blocks
    from tests.doors.opt_out_lists import SERVICE, make_list, names

    client = boto3.client(SERVICE, region_name="us-east-1", aws_access_key_id="a",
                          aws_secret_access_key="b", endpoint_url="http://127.0.0.1:9")
    """
    last = """
    def test_nothing_is_open():
        assert not blocks.are_open()
    """

    def run_source(source, **outcomes):
        pytester.makepyfile("\n".join(_dedent(part) for part in (head, source, last)))
        result = pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:xdist")
        result.assert_outcomes(**(outcomes or {"passed": source.count("def test_") + 1}))
        return result

    return run_source


def _dedent(text):
    lines = text.strip("\n").splitlines()
    indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(line[indent:] for line in lines)


# unittest.


def test_each_test_of_a_test_case_has_a_fresh_block_with_its_set_up():
    """setUp and the test share a block; the next test starts anew."""

    @mock_sms
    class Case(unittest.TestCase):
        seen = []

        def setUp(self):
            make_list(client, "from-set-up")

        def test_one(self):
            make_list(client, "one")
            self.seen.append(names(client))

        def test_two(self):
            self.seen.append(names(client))

    assert run(Case) == [["Default", "from-set-up"], ["Default", "from-set-up", "one"]]


def test_a_subclass_of_a_test_case_may_have_set_up_of_its_own():
    """setUp and tearDown of a subclass, with or without super(), are in the block too."""

    @mock_sms
    class Base(unittest.TestCase):
        def setUp(self):
            make_list(client, "base")

    class Without(Base):
        seen = []

        def setUp(self):
            make_list(client, "sub")

        def tearDown(self):
            self.seen.append(names(client))

        def test_it(self):
            make_list(client, "test")

    class With(Without):
        seen = []

        def setUp(self):
            super().setUp()
            make_list(client, "with")

    assert run(Without) == [["Default", "sub", "test"]]
    assert run(With) == [["Default", "sub", "with", "test"]]


def test_asynchronous_set_up_is_in_the_block():
    """asyncSetUp, the test and asyncTearDown share a block, in a subclass too."""

    @mock_sms
    class Base(unittest.IsolatedAsyncioTestCase):
        pass

    class Case(Base):
        seen = []

        async def asyncSetUp(self):
            make_list(client, "set-up")

        async def asyncTearDown(self):
            self.seen.append(names(client))

        async def test_one(self):
            make_list(client, "one")

        async def test_two(self):
            make_list(client, "two")

    assert run(Case) == [["Default", "set-up", "one"], ["Default", "set-up", "two"]]


def test_each_test_has_the_resources_of_set_up_class():
    """setUpClass runs in the class's block; each test starts with a copy of its state."""

    @mock_sms
    class Base(unittest.TestCase):
        pass

    class Case(Base):
        seen = []

        @classmethod
        def setUpClass(cls):
            super().setUpClass()
            make_list(client, "class")

        @classmethod
        def tearDownClass(cls):
            cls.seen.append(names(client))

        def test_one(self):
            make_list(client, "one")
            self.seen.append(names(client))

        def test_two(self):
            self.seen.append(names(client))

    assert run(Case) == [["Default", "class"], ["Default", "class"], ["Default", "class", "one"]]


@pytest.mark.parametrize("outcome", [ValueError, unittest.SkipTest])
def test_set_up_class_that_fails_leaves_nothing_open(outcome):
    """unittest does not tear down what could not be set up: the block of the class is closed."""

    @mock_sms
    class Case(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            raise outcome("not today")

        def test_it(self):
            raise AssertionError("it ran")

    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)

    assert len(result.errors + result.skipped) == 1
    assert result.testsRun == 0


def test_a_mixin_may_come_first():
    """Multiple inheritance: the set-up of an independent mixin runs in the block."""

    class Mixin:
        def setUp(self):
            make_list(client, "mixin")
            super().setUp()

    @mock_sms
    class Base(unittest.TestCase):
        def setUp(self):
            make_list(client, "base")

    class Case(Mixin, Base):
        seen = []

        def test_it(self):
            self.seen.append(names(client))

    assert run(Case) == [["Default", "mixin", "base"]]


# pytest.


@mock_sms
class TestDecoratedClass:
    """Each test of a plain class runs, with its setup_method, in a fresh block."""

    def setup_method(self):
        """Make a list in the test's own emulator."""
        self.client = boto3.client(SERVICE)
        make_list(self.client, "from-setup")

    @pytest.mark.parametrize("name", ["a", "b"])
    def test_starts_anew(self, name):
        """Only what setup_method and this test made is there."""
        make_list(self.client, name)

        assert names(self.client) == ["Default", "from-setup", name]


def test_a_method_called_by_hand_has_a_block_too():
    """A test method that is called without a runner gets a block."""

    @mock_sms
    class Plain:
        def test_it(self):
            return names(boto3.client(SERVICE))

    assert Plain().test_it() == ["Default"]


def test_a_subclass_may_have_set_up_and_tear_down_of_its_own(run_file):
    """setup_method and teardown_method of a subclass, with or without super(), are in the block."""
    run_file(
        """
        @mock_sms
        class TestBase:
            def setup_method(self):
                make_list(client, "base")
            def test_base(self):
                assert "base" in names(client) or "sub" in names(client)

        class TestWithout(TestBase):
            def setup_method(self, method):
                make_list(client, "sub")
            def teardown_method(self):
                assert "sub" in names(client)
            def test_it(self):
                assert names(client) == ["Default", "sub"]
            def test_base(self):
                super().test_base()

        class TestWith(TestBase):
            def setup_method(self):
                super().setup_method()
                make_list(client, "with")
            def teardown_method(self, method):
                super().teardown_method(method)
                assert "with" in names(client)
            def test_it(self):
                assert names(client) == ["Default", "base", "with"]
            def test_base(self):
                super().test_base()
        """
    )


def test_multiple_inheritance(run_file):
    """A mixin that comes first in the order of methods is in the block, its own tests too."""
    run_file(
        """
        class Mixin:
            def setup_method(self):
                make_list(client, "mixin")
            def test_mixin(self):
                assert names(client) == ["Default", "mixin"]

        @mock_sms
        class Base:
            pass

        @mock_sms(seed=7)
        class Other:
            def teardown_method(self):
                assert "mixin" in names(client)

        class TestBoth(Mixin, Base, Other):
            def test_it(self):
                assert names(client) == ["Default", "mixin"]
        """
    )


def test_setup_class(run_file):
    """What setup_class makes is there in each test, and no test sees what another has made."""
    run_file(
        """
        @mock_sms
        class Base:
            pass

        class TestDerived(Base):
            @classmethod
            def setup_class(cls):
                make_list(client, "class")
            @classmethod
            def teardown_class(cls):
                assert names(client) == ["Default", "class"]
            def setup_method(self):
                make_list(client, "method")
            def test_one(self):
                make_list(client, "one")
                assert names(client) == ["Default", "class", "method", "one"]
            def test_two(self):
                assert names(client) == ["Default", "class", "method"]

        class TestPlainFunction(Base):
            def setup_class(self):
                make_list(client, "class")
            def test_three(self):
                assert names(client) == ["Default", "class"]
        """
    )


def test_pytests_set_up_of_a_test_case(run_file):
    """pytest calls setup_method of a test case before it runs it: both are in one block."""
    run_file(
        """
        @mock_sms
        class Base(unittest.TestCase):
            pass

        class TestCase(Base):
            def setup_method(self, method):
                make_list(client, "method")
            def setUp(self):
                make_list(client, "set-up")
            def test_it(self):
                assert names(client) == ["Default", "method", "set-up"]
        """
    )


def test_classes_without_a_hash_or_a_dictionary(run_file):
    """Test classes like dataclasses: frozen, compared by value, with slots."""
    run_file(
        """
        @mock_sms
        @dataclasses.dataclass(init=False, slots=True)
        class TestInner:
            name: str = dataclasses.field(default="a", init=False)
            def test_inner(self):
                assert make_list(client, "x") == "x"

        @dataclasses.dataclass(init=False, frozen=True, slots=True)
        @mock_sms
        class TestOuter:
            def setup_method(self):
                make_list(client, "x")
            def test_outer(self):
                assert names(client) == ["Default", "x"]

        class TestDerived(TestOuter):
            __slots__ = ()
            def test_derived(self):
                assert names(client) == ["Default", "x"]
            def test_outer(self):
                assert names(client) == ["Default", "x"]
        """
    )


def test_set_up_that_fails_leaves_nothing_open(run_file):
    """pytest does not tear down what could not be set up: the block is closed all the same."""
    run_file(
        """
        @mock_sms
        class Base:
            pass

        class TestMethod(Base):
            def setup_method(self):
                raise ValueError("not today")
            def test_it(self):
                raise AssertionError("it ran")

        class TestClass(Base):
            @classmethod
            def setup_class(cls):
                raise ValueError("not today")
            def test_it(self):
                raise AssertionError("it ran")
        """,
        errors=2,
        passed=1,
    )


def test_the_nearest_decoration_counts():
    """A decorated subclass has its own settings, and one block per test."""

    @mock_sms(account_tier="SANDBOX")
    class Base:
        def test_it(self):
            tier = client.describe_account_attributes()["AccountAttributes"]
            blocks_open = len(blocks._open)
            return next(a["Value"] for a in tier if a["Name"] == "ACCOUNT_TIER"), blocks_open

    @mock_sms(account_tier="PRODUCTION")
    class Derived(Base):
        pass

    class Undecorated(Derived):
        def test_it(self):
            return super().test_it()

    assert Base().test_it() == ("SANDBOX", 1)
    assert Derived().test_it() == ("PRODUCTION", 1)
    assert Undecorated().test_it() == ("PRODUCTION", 1)


def test_a_classs_own_hook_for_subclasses_is_called():
    """__init_subclass__ with arguments still works."""
    seen = []

    @mock_sms
    class Base:
        def __init_subclass__(cls, word):
            seen.append((cls.__name__, word))

    class Derived(Base, word="hello"):
        def test_it(self):
            return names(client)

    assert seen == [("Derived", "hello")]
    assert Derived().test_it() == ["Default"]
