"""How Open311 says no: an error with a number and a sentence, in the form that was asked for.

The standard wants 404 for what there is not, 403 for a missing or wrong key and 400 for everything
else. Two statuses are its own silence, and taken from HTTP, for a client that is told 400 would not
try again: 429 for a key that asks too often, 503 while a service is away.
"""

from collections.abc import Mapping

from starlette.responses import Response

from services.gateway.open311.wire import Form, answer
from services.gateway.upstream import Answer, ServiceAway
from shared.runtime.keys import IssuerUnavailable
from shared.runtime.problems import RETRY_AFTER, Problem

WORDS: Mapping[str, tuple[str, str]] = {
    "no-jurisdiction": ("没有 jurisdiction_id {value}", "jurisdiction_id {value} was not found"),
    "service-code-missing": ("请给出 service_code", "service_code was not provided"),
    "no-service": ("没有 service_code {value}", "service_code {value} was not found"),
    "no-request": (
        "没有 service_request_id {value}",
        "service_request_id {value} was not found",
    ),
    "request-missing": ("请给出 service_request_id", "service_request_id was not provided"),
    "no-token": ("没有 token {value}", "token {value} was not found"),
    "no-location": (
        "请给出地点：lat 和 long，或 address_string，或 address_id",
        "no location was provided: lat and long, address_string or address_id",
    ),
    "no-address": ("没有 address_id {value}", "address_id {value} was not found"),
    "not-a-position": (
        "lat 和 long 须同时给出，是 WGS84 的度数",
        "lat and long have to be given both, in degrees of WGS84",
    ),
    "description-missing": ("请在 description 中说明情况", "description was not provided"),
    "too-long": ("{field} 最多 {most} 个字符", "{field} has {most} characters at most"),
    "not-a-url": ("media_url 不是网址", "media_url is no web address"),
    "no-attribute": (
        "attribute[{field}] 不能是 {value}",
        "attribute[{field}] cannot be {value}",
    ),
    "not-a-date": (
        "{field} 须是带时区的日期时间，例如 2026-03-02T09:15:00+08:00",
        "{field} has to be a date and time with an offset: 2026-03-02T09:15:00+08:00",
    ),
    "range-too-long": (
        "start_date 到 end_date 最多 90 天",
        "start_date and end_date may span 90 days at most",
    ),
    "range-reversed": ("end_date 早于 start_date", "end_date lies before start_date"),
    "not-a-status": ("status 是 open 或 closed", "status is open or closed"),
    "too-many-ids": ("一次最多 {most} 个编号", "{most} ids at most in one request"),
    "not-a-form": (
        "请以 application/x-www-form-urlencoded 发送",
        "send application/x-www-form-urlencoded",
    ),
    "key-missing": ("请给出 api_key", "no api_key was provided"),
    "key-invalid": ("api_key 无效", "the api_key is invalid"),
    "key-elsewhere": (
        "这个 api_key 只能用于 {place}",
        "this api_key is for {place} alone",
    ),
    "key-of-another": (
        "这件诉求不是用这个 api_key 提交的",
        "this request was not submitted with this api_key",
    ),
    "too-often": (
        "这个 api_key 每分钟最多 {most} 次请求",
        "this api_key may make {most} requests a minute",
    ),
    "away": ("服务暂时不可用，请稍后再试", "the service is not available now: try again later"),
    "refused": ("{detail}", "{detail}"),
}
"""Each sentence in Chinese and in English."""


class NotServed(Exception):
    """An error of the standard. `code` is a key of `WORDS`."""

    def __init__(
        self,
        status: int,
        code: str,
        headers: Mapping[str, str] | None = None,
        **details: str | int,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.headers = dict(headers or {})
        self.details = details

    def told(self, speaks: str) -> str:
        """The sentence."""
        zh, en = WORDS[self.code]
        # What was sent may hold braces of its own: each place is filled once.
        sentence = zh if speaks == "zh" else en
        for name, value in self.details.items():
            sentence = sentence.replace(f"{{{name}}}", str(value)[:200], 1)
        return sentence


def away() -> NotServed:
    """A service, or the issuer, is not there now."""
    return NotServed(503, "away", {"Retry-After": str(RETRY_AFTER)})


def refused(answer: Answer) -> NotServed:
    """What a service refused, in its own words."""
    if answer.status in (429, 503):
        return away()
    try:
        problem = answer.json()
        details = [str(error["detail"]) for error in problem.get("errors", ())]
        detail = "; ".join([str(problem["detail"]), *details])
    except (ValueError, KeyError, TypeError):
        return away()
    return NotServed(400, "refused", detail=detail)


def as_not_served(error: Exception) -> NotServed:
    """Any foreseen refusal as one of the standard's. Raises the error itself where it is none."""
    match error:
        case NotServed():
            return error
        case ServiceAway() | IssuerUnavailable():
            return away()
        case Problem(status=503):
            return away()
    raise error


def refusal(form: Form, error: NotServed, speaks: str) -> Response:
    """The answer."""
    content = [{"code": error.status, "description": error.told(speaks)}]
    headers = {"Cache-Control": "no-store", **error.headers}
    return answer(form, "errors", content, error.status, headers)
