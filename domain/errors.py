"""Everything that can go wrong, as one tree. A library's exceptions are translated in the one adapter that imports it.

XiaoliuziError
├── WorkspaceInvalid        the bank's files have mistakes; carries them all (see ``datasources.workspace.Problem``)
├── Unmeasurable            a scalar cannot be computed inside its valid range (columns say it with NaN and a bit)
├── NotPermitted            the actor, or the chat's audience, may not see or do this
├── SourceError             an outside source did not answer as it promised
│   ├── SourceUnavailable   no connection, time-out: may pass
│   │   └── SourceAbsent    it answers, and has no such document
│   └── SourceMalformed     an answer that cannot be used: names the place and the remedy
├── StoreError              memory cannot be read or written
│   ├── StoreLocked         another process holds the file
│   ├── StoreFull           the disk is full
│   └── StoreBroken         the event chain does not verify, or the schema is newer than this program
├── AlarmError              a transition that the alarm's life does not allow
├── NotDrawn                a picture could not be made; the text stands without it
├── CaseError               a step that a release, swap or top-up case does not allow now
└── ReceiptError            what must not happen to a warehouse receipt
"""


class XiaoliuziError(Exception):
    """Root of all our exceptions."""


class WorkspaceInvalid(XiaoliuziError):
    """The workspace has mistakes; the message lists every one with its place and remedy."""


class Unmeasurable(XiaoliuziError):
    """A quantity cannot be computed here; the message says which input lies outside which range."""


class NotPermitted(XiaoliuziError):
    """Known, but not for this actor in this chat. Never the same as 'none'."""


class SourceError(XiaoliuziError):
    """An outside source did not answer as it promised."""


class SourceUnavailable(SourceError):
    """No connection or no answer in time: it may pass."""


class SourceAbsent(SourceUnavailable):
    """The source answers and has no such document: it may not keep one."""


class SourceMalformed(SourceError):
    """The source answered with something unusable; the message names the place and what was expected."""


class StoreError(XiaoliuziError):
    """The store cannot be read or written."""


class StoreLocked(StoreError):
    """Another process holds the store file open."""


class StoreFull(StoreError):
    """The disk is full: nothing was committed."""


class StoreBroken(StoreError):
    """The hash chain does not verify, or the file was written by a newer program."""


class AlarmError(XiaoliuziError):
    """The alarm's life does not allow this transition."""


class CaseError(XiaoliuziError):
    """The case's life does not allow this step now; the message says what it waits for, ``code`` which words say so."""

    def __init__(self, message: str, *, code: str = "not_now") -> None:
        """code: a key of the words for people, see ``domain.case.acts``."""
        super().__init__(message)
        self.code = code


class ReceiptError(XiaoliuziError):
    """A receipt's life does not allow this: a number used again, pledged twice, or kilograms that do not add up."""

    def __init__(self, message: str, *, code: str = "refused") -> None:
        """code: which words say so, and what helps: unknown, over, pledged, known, sum, few, split, case, refused."""
        super().__init__(message)
        self.code = code


class NotDrawn(XiaoliuziError):
    """There is no picture; the message says why. The text stands without it."""
