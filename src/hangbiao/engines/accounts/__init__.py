"""Accounts: who can sign in, signing in and out, and the rule that every page is closed unless it says otherwise.

Tables    Account (the user table), Sitting (one browser's stay), Letter (a mail with a way in), Attempt (what was
          refused, to slow guessing down), Link (whom a sign-on service means); allauth's Authenticator.
Doors     middleware.signed_in sets `request.user`, `request.at`, `request.wall`; `@public` opens a page to strangers;
          proof.require_recent asks again who it is; services, letters, entering (two steps), factors; pages.
Ports     settings.DEMO_PEOPLE (demo list), SIGN_IN_RULES (what policy says), SIGN_ON (services), EMPLOYEE_OF (who it is).
Promises  A stranger reaches nothing but public pages, and learns of no name whether it exists. A closed account, a new
          password, an ended or too long sitting are over at the next request. Tokens are kept as digests, keys encrypted.
"""
