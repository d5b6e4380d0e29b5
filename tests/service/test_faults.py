"""Injected faults: errors, delays and cut connections."""

import threading
import time

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.wire.model import service_model

# A client with the default retries.
PATIENT = Config(retries={"mode": "standard", "total_max_attempts": 3})


def outcome(call, **members):
    """Make a call; return the error code or ok."""
    try:
        call(**members)
    except ClientError as error:
        return error.response["Error"]["Code"]
    except ConnectionClosedError:
        return "cut"
    return "ok"


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("AccessDeniedException", 400),
        ("ConflictException", 400),
        ("InternalServerException", 500),
        ("ResourceNotFoundException", 400),
        ("ServiceQuotaExceededException", 400),
        ("ThrottlingException", 400),
        ("ValidationException", 400),
    ],
)
def test_an_injected_error(sms, emulator, refused, error, status):
    """The call fails as requested, and changes nothing."""
    emulator.fail("SendTextMessage", error)

    with refused(error) as raised:
        sms.send_text_message(DestinationPhoneNumber="+14255550100", MessageBody="Hello")

    answer = raised.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
    assert answer["Error"]["Message"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("AccessDeniedException", "ACCOUNT_DISABLED"),
        ("ConflictException", "RESOURCE_NOT_ACTIVE"),
        ("ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"),
        ("ValidationException", "INVALID_PARAMETER"),
    ],
)
def test_an_injected_reason(sms, emulator, refused, error, reason):
    """The error has the Reason as a member and in its message."""
    emulator.fail("SendTextMessage", error, reason=reason)

    with refused(error, reason) as raised:
        sms.send_text_message(DestinationPhoneNumber="+14255550100", MessageBody="Hello")

    assert f'Reason="{reason}"' in raised.value.response["Error"]["Message"]


@pytest.mark.rule("proto-internal")
def test_an_internal_error_has_a_request_id(sms, emulator):
    """InternalServerException has a RequestId."""
    emulator.fail("*", "InternalServerException")

    with pytest.raises(ClientError) as raised:
        sms.describe_pools()

    answer = raised.value.response
    assert answer["Error"]["Code"] == "InternalServerException"
    assert answer["RequestId"] == answer["ResponseMetadata"]["RequestId"]


def test_only_the_operation_fails(sms, emulator):
    """Other operations are not affected."""
    emulator.fail("DescribePools", "ThrottlingException")

    assert outcome(sms.describe_pools) == "ThrottlingException"
    assert outcome(sms.describe_phone_numbers) == "ok"


def test_a_star_means_every_operation(sms, emulator):
    """Unknown operations stay unknown."""
    emulator.fail("*", "AccessDeniedException")

    assert outcome(sms.describe_pools) == "AccessDeniedException"
    assert outcome(sms.describe_phone_numbers) == "AccessDeniedException"


def test_a_number_of_times(sms, emulator):
    """A fault applies this number of times, and shows the rest."""
    emulator.fail("DescribePools", "ThrottlingException", times=2)

    assert outcome(sms.describe_pools) == "ThrottlingException"
    assert [fault.times for fault in emulator.faults] == [1]
    assert outcome(sms.describe_pools) == "ThrottlingException"
    assert list(emulator.faults) == []
    assert outcome(sms.describe_pools) == "ok"


def test_the_order_of_faults(sms, emulator):
    """Faults with a number apply in order, before lasting ones; of these, the latest applies."""
    emulator.fail("*", "AccessDeniedException")
    emulator.fail("*", "ThrottlingException")
    emulator.fail("DescribePools", "ResourceNotFoundException", times=1)
    emulator.fail("DescribePools", "ValidationException", times=1)

    assert [outcome(sms.describe_pools) for _ in range(4)] == [
        "ResourceNotFoundException",
        "ValidationException",
        "ThrottlingException",
        "ThrottlingException",
    ]


def test_faults_for_an_account_or_region(client, emulator):
    """A fault can be for one account, or for one Region of it."""
    emulator.fail("*", "ThrottlingException", account_id="111111111111")
    emulator.fail("*", "AccessDeniedException", account_id="222222222222", region="eu-west-1")

    assert outcome(client("111111111111", "us-east-1").describe_pools) == "ThrottlingException"
    assert outcome(client("111111111111", "eu-west-1").describe_pools) == "ThrottlingException"
    assert outcome(client("222222222222", "us-east-1").describe_pools) == "ok"
    assert outcome(client("222222222222", "eu-west-1").describe_pools) == "AccessDeniedException"
    assert outcome(client("333333333333", "eu-west-1").describe_pools) == "ok"


def test_a_probability(sms, emulator):
    """A fault with a probability applies to some calls; others do not use it up."""
    emulator.fail("DescribePools", "ThrottlingException", probability=0.5, times=10)

    outcomes = [outcome(sms.describe_pools) for _ in range(60)]

    assert outcomes.count("ThrottlingException") == 10
    assert outcomes[:10] != ["ThrottlingException"] * 10


def test_a_probability_of_zero(sms, emulator):
    """With a probability of 0 a fault does not happen."""
    emulator.fail("*", "ThrottlingException", probability=0)

    assert outcome(sms.describe_pools) == "ok"


def test_a_seed_repeats_random_faults(sms, emulator):
    """With a seed, the same calls fail; ids of resources are not affected."""

    def run():
        emulator.reset(seed=7)
        emulator.fail("DescribePools", "ThrottlingException", probability=0.5)
        return [outcome(sms.describe_pools) for _ in range(20)]

    assert run() == run()
    position = engine_of(emulator).state.random_source.position
    outcome(sms.describe_pools)
    assert engine_of(emulator).state.random_source.position == position


# --- clearing
# --------------------------------------------------------------------------------------


def test_clearing_one_fault(sms, emulator):
    """A fault can be cleared by its id."""
    first = emulator.fail("DescribePools", "ThrottlingException")
    emulator.fail("DescribePhoneNumbers", "ThrottlingException")

    emulator.clear_faults(first.id)

    assert outcome(sms.describe_pools) == "ok"
    assert outcome(sms.describe_phone_numbers) == "ThrottlingException"
    with pytest.raises(LookupError, match=first.id):
        emulator.clear_faults(first.id)


def test_clearing_all_faults(sms, emulator):
    """All faults can be cleared at once; ids are not used again."""
    first = emulator.fail("*", "ThrottlingException")
    emulator.clear_faults()

    assert outcome(sms.describe_pools) == "ok"
    assert emulator.fail("*", "ThrottlingException").id != first.id


# --- delays ---------------------------------------------------------------------------------------


def test_an_injected_delay(sms, emulator):
    """A call is delayed, and then executed."""
    emulator.fail("CreateOptOutList", delay_seconds=0.2)

    started = time.perf_counter()
    sms.create_opt_out_list(OptOutListName="Late")

    assert time.perf_counter() - started >= 0.2
    assert sms.describe_opt_out_lists(OptOutListNames=["Late"])["OptOutLists"]


def test_a_delay_before_an_error(sms, emulator):
    """Delays of several faults add up, and an error comes after its delay."""
    emulator.fail("*", delay_seconds=0.1)
    emulator.fail("DescribePools", "ThrottlingException", delay_seconds=0.1, times=1)

    started = time.perf_counter()
    assert outcome(sms.describe_pools) == "ThrottlingException"
    assert time.perf_counter() - started >= 0.1


def test_a_delay_does_not_block_other_calls(client, emulator):
    """While one call is delayed, others are answered."""
    emulator.fail("DescribePools", delay_seconds=30, times=1)
    slow = threading.Thread(target=client().describe_pools)
    slow.start()
    while list(emulator.faults):
        threading.Event().wait(0.001)

    assert outcome(client().describe_phone_numbers) == "ok"
    assert slow.is_alive()

    emulator.close()
    slow.join(60)
    assert not slow.is_alive()


# --- broken connections ---------------------------------------------------------------------------


def test_a_cut_connection(sms, emulator, account):
    """The change is made, then the connection breaks."""
    emulator.fail("CreateOptOutList", cut=True, times=1)

    with pytest.raises(ConnectionClosedError):
        sms.create_opt_out_list(OptOutListName="Made")

    assert "Made" in account.opt_out_lists


def test_a_retry_after_a_cut_changes_nothing(client, emulator, account):
    """The client retries with the same ClientToken, and there is one list."""
    emulator.fail("CreateOptOutList", cut=True, times=1)

    made = client(config=PATIENT).create_opt_out_list(OptOutListName="Made")

    assert made["ResponseMetadata"]["RetryAttempts"] == 1
    assert made["OptOutListName"] == "Made"
    assert len(account.opt_out_lists) == 2


def test_a_cut_refusal(sms, emulator):
    """The answer of a refused call can be cut, too."""
    emulator.fail("DescribePools", "ResourceNotFoundException", cut=True)
    emulator.fail("DeletePool", cut=True)

    assert outcome(sms.describe_pools) == "cut"
    assert outcome(sms.delete_pool, PoolId="pool-unknown") == "cut"


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
@pytest.mark.parametrize(
    "fault", [{"error": "ThrottlingException"}, {"error": "InternalServerException"}, {"cut": True}]
)
def test_boto3_retries_in_each_mode(client, emulator, mode, fault):
    """Two failures are retried successfully."""
    emulator.fail("DescribePools", times=2, **fault)
    patient = client(config=Config(retries={"mode": mode, "total_max_attempts": 3}))

    answer = patient.describe_pools()

    assert answer["ResponseMetadata"]["RetryAttempts"] == 2


def test_boto3_gives_up(client, emulator):
    """A lasting error is raised to the application."""
    emulator.fail("DescribePools", "ThrottlingException", times=4)

    with pytest.raises(ClientError) as raised:
        client(config=PATIENT).describe_pools()

    assert raised.value.response["ResponseMetadata"]["RetryAttempts"] == 2
    assert [fault.times for fault in emulator.faults] == [1]


def test_a_conflict_is_not_retried(client, emulator):
    """A conflict is final: boto3 does not try again."""
    emulator.fail("CreateOptOutList", "ConflictException", reason="RESOURCE_ALREADY_EXISTS")

    with pytest.raises(ClientError) as raised:
        client(config=PATIENT).create_opt_out_list(OptOutListName="Made")

    assert raised.value.response["ResponseMetadata"]["RetryAttempts"] == 0


# --- invalid faults -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"operation": "SendFax", "error": "ThrottlingException"}, "SendFax"),
        (
            {"operation": "send_text_message", "error": "ThrottlingException"},
            "did you mean SendTextMessage?",
        ),
        ({"operation": "", "error": "ThrottlingException"}, "operation"),
        ({"operation": None, "error": "ThrottlingException"}, "operation"),
        ({"operation": ["DescribePools"], "error": "ThrottlingException"}, "operation"),
        ({"operation": "DescribePools"}, "needs"),
        ({"operation": "DescribePools", "error": "Nonsense"}, "ResourceNotFoundException"),
        ({"operation": "DescribePools", "error": []}, "DescribePools declares"),
        ({"operation": "DescribePools", "error": "ConflictException"}, "DescribePools declares"),
        ({"operation": "*", "error": "ConflictException"}, "every operation declares"),
        ({"operation": "*", "error": "ApiError"}, "ApiError"),
        ({"operation": "DescribePools", "reason": "OTHER", "delay_seconds": 1}, "reason"),
        (
            {"operation": "DescribePools", "error": "ThrottlingException", "reason": "OTHER"},
            "left out",
        ),
        (
            {"operation": "CreatePool", "error": "ConflictException", "reason": "NOT_ACTIVE"},
            "RESOURCE_NOT_ACTIVE",
        ),
        (
            {
                "operation": "SendTextMessage",
                "error": "ConflictException",
                "reason": "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
            },
            "; it is a reason of ServiceQuotaExceededException",
        ),
        ({"operation": "*", "cut": "yes"}, "cut"),
        ({"operation": "*", "cut": True, "times": 0}, "times"),
        ({"operation": "*", "cut": True, "times": True}, "times"),
        ({"operation": "*", "cut": True, "times": 1.5}, "times"),
        ({"operation": "*", "cut": True, "probability": 1.1}, "probability"),
        ({"operation": "*", "cut": True, "probability": -0.1}, "probability"),
        ({"operation": "*", "cut": True, "probability": float("nan")}, "probability"),
        ({"operation": "*", "cut": True, "probability": "0.5"}, "probability"),
        ({"operation": "*", "delay_seconds": -1}, "delay_seconds"),
        ({"operation": "*", "delay_seconds": float("inf")}, "delay_seconds"),
        ({"operation": "*", "delay_seconds": "1"}, "delay_seconds"),
        ({"operation": "*", "cut": True, "account_id": "me"}, "account_id"),
        ({"operation": "*", "cut": True, "account_id": 123456789012}, "account_id"),
        ({"operation": "*", "cut": True, "region": ""}, "region"),
        ({"operation": "*", "cut": True, "region": 5}, "region"),
    ],
)
def test_invalid_faults_are_refused(emulator, arguments, words):
    """The ValueError is one sentence, and no fault is added."""
    before = emulator.snapshot()

    with pytest.raises(ValueError, match=r"(?s).") as raised:
        emulator.fail(**arguments)

    assert words in str(raised.value)
    assert emulator.snapshot() == before


@pytest.mark.parametrize("operation", sorted(service_model().operations))
def test_every_operation_can_fail(operation):
    """Every operation can fail with each error that it declares."""
    emulator = Emulator()

    for error in service_model().operations[operation].errors:
        emulator.fail(operation, error)

    assert len(list(emulator.faults)) >= 4


def test_a_crash_is_an_internal_server_exception(client, emulator, monkeypatch):
    """Over HTTP, a crash is an InternalServerException with the request's id."""

    def broken(*_arguments):
        raise RuntimeError("mistake")

    monkeypatch.setattr(engine_of(emulator), "begin", broken)
    with Server(emulator) as server, pytest.raises(ClientError) as raised:
        client(endpoint_url=server.url).describe_pools()

    answer = raised.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert answer["Error"]["Code"] == "InternalServerException"
    assert answer["RequestId"] == answer["ResponseMetadata"]["RequestId"]
    assert [str(crash) for crash in engine_of(emulator).crashes] == ["mistake"]
    engine_of(emulator).crashes.clear()
