"""What the provider remembers: tokens, requests on phones, activation data, and results to be fetched."""

import collections
import secrets
import threading
import time

from provider_parameters import Refusal


class Authorization:
    def __init__(self, credential, digests, md, description):
        self.credential, self.digests, self.md, self.description = credential, digests, md, description
        self.handle, self.sad = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.asked, self.answer = time.monotonic(), None  # True: confirmed, False: refused
        self.until, self.used = None, False


class State:
    def __init__(self, options, credentials):
        self.options, self.lock = options, threading.RLock()
        self.credentials = {credential.id: credential for credential in credentials}
        self.tokens, self.waiting, self.issued, self.results = {}, {}, {}, {}

    def lies(self, name):
        return self.options.lie == name

    def new_token(self):
        token = secrets.token_urlsafe(32)
        self.tokens[token] = time.monotonic() + self.options.token_seconds
        return token

    def check_token(self, header):
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not token or token != token.strip() or " " in token:
            raise Refusal("Malformed authorization header")
        if token not in self.tokens:
            raise Refusal("The access token is not valid", "invalid_token", 401)
        if self.tokens[token] < time.monotonic():
            raise Refusal("The access token has expired", "expired_token", 401)

    def credential(self, name):
        if name not in self.credentials:
            raise Refusal("Invalid parameter credentialID")
        return self.credentials[name]

    def ask_phone(self, authorization):
        self.waiting[authorization.handle] = authorization

    def phone_answers(self, answer):
        """Answers all that waits; how many that was."""
        asked = [a for a in self.waiting.values() if a.answer is None]
        for authorization in asked:
            authorization.answer = answer
        return len(asked)

    def poll_phone(self, handle):
        """The authorization if it is confirmed, None while nobody has answered."""
        if handle not in self.waiting:
            raise Refusal("Invalid parameter handle")
        authorization, after = self.waiting[handle], self.options.confirm_after
        if authorization.answer is None and after is not None and time.monotonic() >= authorization.asked + after:
            authorization.answer = True
        if authorization.answer is None:
            return None
        del self.waiting[handle]
        if not authorization.answer:
            raise Refusal("The user denied the request", "access_denied")
        authorization.until = time.monotonic() + self.options.sad_seconds
        self.issued[authorization.sad] = authorization
        if self.lies("other-certificate"):
            credential = authorization.credential
            credential.entity, credential.other = credential.other, credential.entity
        return authorization

    def activated(self, sad, credential):
        """The authorization that this activation data stands for."""
        authorization = self.issued.get(sad)
        replayed = authorization and authorization.used and not self.lies("replay-sad-accepted")
        if not authorization or authorization.credential is not credential or replayed:
            raise Refusal("Invalid parameter SAD")
        if authorization.until < time.monotonic() or self.lies("expires"):
            raise Refusal("SAD expired")
        return authorization

    def check_authorized(self, authorization, digests, md):
        beyond = collections.Counter(digests) - collections.Counter(authorization.digests)
        if beyond or md != authorization.md:
            raise Refusal("Hash is not authorized by the SAD")

    def keep(self, signatures, seconds):
        name, now = secrets.token_urlsafe(12), time.monotonic()
        self.results[name] = (signatures, now + self.options.poll_delay, now + self.options.poll_delay + seconds)
        return name

    def fetch(self, name):
        """Signatures, or None while they are being made."""
        if name not in self.results:
            raise Refusal("Invalid parameter requestID")
        signatures, ready, gone = self.results[name]
        if time.monotonic() < ready or self.lies("never"):
            return None
        if time.monotonic() > gone:
            raise Refusal("Invalid parameter requestID")
        return signatures
