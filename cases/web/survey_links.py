"""cases: the link by which a customer without an account answers a survey: the survey's name, signed."""

from __future__ import annotations

import hashlib

from itsdangerous import BadSignature, Signer

from kit.refusals import NotFound

PATH = "/survey"


class SurveyLinks:
    """Makes and reads links. `secret` is DESK_SECRET; how long a survey is open, the survey itself knows."""

    def __init__(self, secret: str, *, public_url: str = "") -> None:
        self._signer = Signer(secret, salt="desk.survey", digest_method=hashlib.sha256)
        self._public_url = public_url

    def address(self, survey_id: str) -> str:
        """Where the survey is answered; without a public address only its path."""
        return f"{self._public_url}{PATH}/{self._signer.sign(survey_id).decode()}"

    def survey_id(self, token: str) -> str:
        """The survey a token names. Raises NotFound for one that is not ours."""
        try:
            return self._signer.unsign(token.encode("utf-8", "replace")).decode()
        except BadSignature as error:
            raise NotFound from error
