"""Endpoints of one's own notices."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status

from shanshi.foundation import clock
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem
from shanshi.notices import access, operations, queries
from shanshi.notices.queries import NoticeFacts
from shanshi.registry.queries import holder_of

router = Router(tags=["notices"])


class MessageOut(Schema):
    """What became of a message beside the list."""

    channel: str = Field(description="sms or email")
    state: str = Field(description="waiting, sending, sent, refused, failed, unknown (perhaps sent), dropped")
    ended_at: datetime | None


class NoticeOut(Schema):
    """What somebody was told, in both languages. `url` is a page of the platform; `about` names a minor."""

    id: UUID
    template: str
    title: str
    title_zh: str
    text: str
    text_zh: str
    url: str
    is_urgent: bool
    made_at: datetime
    read_at: datetime | None
    about: UUID | None
    messages: list[MessageOut]


class NoticesOut(Schema):
    """A page of notices, the newest first."""

    items: list[NoticeOut]
    unread: int = Field(description="100 means more than 99.")
    next: str | None


@router.get("/me/notices", response={200: NoticesOut, REFUSALS: Problem}, summary="Read one's notices")
@asks(access.READ_NOTICES)
def listed(
    request: Request, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> NoticesOut:
    """Everything one was told, and what became of text messages and e-mails."""
    holder_id = holder_of(access.reader(request.actor))
    english, following = queries.listed(holder_id, language="en", cursor=cursor, limit=limit)
    chinese, _ = queries.listed(holder_id, language="zh-hans", cursor=cursor, limit=limit)
    worded = {one.id: one for one in chinese}
    items = [_out(one, worded[one.id]) for one in english if one.id in worded]
    return NoticesOut(items=items, unread=queries.unread(holder_id), next=following)


@router.put(
    "/me/notices/{notice_id}/read", response={204: None, REFUSALS: Problem}, summary="Mark one as read"
)
@asks(access.READ_NOTICES)
def read(request: Request, notice_id: UUID) -> Status[None]:
    """Note that one notice was read; twice is once."""
    operations.read(holder_of(access.reader(request.actor)), notice_id, at=clock.now())
    return Status(204, None)


@router.delete(
    "/me/notices/{notice_id}/read", response={204: None, REFUSALS: Problem}, summary="Mark one as new"
)
@asks(access.READ_NOTICES)
def unread(request: Request, notice_id: UUID) -> Status[None]:
    """Put one notice among the new ones again."""
    operations.mark_unread(holder_of(access.reader(request.actor)), notice_id)
    return Status(204, None)


@router.put("/me/notices/read", response={204: None, REFUSALS: Problem}, summary="Mark all as read")
@asks(access.READ_NOTICES)
def read_all(request: Request) -> Status[None]:
    """Note that everything until now was read."""
    operations.read_all(holder_of(access.reader(request.actor)), at=clock.now())
    return Status(204, None)


def _out(one: NoticeFacts, chinese: NoticeFacts) -> NoticeOut:
    return NoticeOut(
        id=one.id,
        template=one.template,
        title=one.title,
        title_zh=chinese.title,
        text=one.text,
        text_zh=chinese.text,
        url=one.url,
        is_urgent=one.is_urgent,
        made_at=one.made_at,
        read_at=one.read_at,
        about=one.about_holder_id,
        messages=[
            MessageOut(channel=way.channel, state=way.state, ended_at=way.ended_at) for way in one.sendings
        ],
    )
