"""OpenID Connect: the company's own sign-on service, by allauth's client; the identity token's signature is verified."""
