"""Texts the messages of moto's topics to subscribed phones, which moto itself does not do.

Moto is not imported here, and nothing is changed, unless its topics are in use already.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.doors.replacements import Function, Replacement
from pinpoint_sms_emu.errors import ApiError

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.engine import Engine

_MODELS: Final = "moto.sns.models"
_PUBLISH: Final = "publish"
_PROTOCOL: Final = "sms"
# moto accepts these characters in phone numbers.
_SEPARATORS: Final = re.compile(r"[./-]")

logger = logging.getLogger("pinpoint_sms_emu")


def replace(current: Callable[[], Engine | None], replacements: list[Replacement]) -> None:
    """Let moto's topics text phones through an engine, if moto's topics are loaded.

    `current` returns the engine that a message is sent through, or None; `replacements` are those
    that have been made, to which this one is added.
    """
    models = sys.modules.get(_MODELS)
    if models is None or any(each.is_of(models.Subscription, _PUBLISH) for each in replacements):
        return

    def wrap(found: Function) -> Function:
        def publish(subscription: Any, message: str, *arguments: Any, **given: Any) -> None:
            found(subscription, message, *arguments, **given)
            engine = current()
            if engine is None or not engine.settings.sns_sms:
                return
            if _is_for(subscription, message, given):
                _text(engine, subscription, message, given)

        return publish

    replacements.append(Replacement(models.Subscription, _PUBLISH, wrap))


def _is_for(subscription: Any, message: str, given: Mapping[str, Any]) -> bool:
    """Whether a subscription is a phone's, and its filter policy matches the message."""
    if subscription.protocol != _PROTOCOL:
        return False
    matcher = subscription._filter_policy_matcher  # noqa: SLF001  moto has no other way to ask
    return matcher is None or bool(matcher.matches(given.get("message_attributes"), message))


def _text(engine: Engine, subscription: Any, message: str, given: Mapping[str, Any]) -> None:
    # Only calls of moto get here, so SNS is not loaded before.
    from pinpoint_sms_emu.service.arrangements import text_subscriber  # noqa: PLC0415

    try:
        engine.change(
            text_subscriber,
            subscription.account_id,
            subscription.topic.arn.split(":")[3],
            phone_number=_SEPARATORS.sub("", subscription.endpoint),
            message=message,
            message_structure=given.get("message_structure"),
            attributes=_texts(given.get("message_attributes") or {}),
        )
    except ApiError as error:
        logger.info("a topic did not text %s: %s", subscription.endpoint, error)


def _texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    """The string values of message attributes, in moto's form."""
    return {
        name: str(attribute["Value"])
        for name, attribute in attributes.items()
        if not attribute["Type"].startswith("Binary")
    }
