"""Accounts: who can sign in, signing in and out, and the rule that every page is closed unless it says otherwise.

Tables    Account (the user table), Sitting (one browser's stay), Letter (a mail with a way in), Attempt (what was
          refused, to slow guessing down).
Doors     middleware.signed_in sets `request.user`, `request.at`, `request.wall`; `@public` opens a page to strangers;
          services.open_account, close_account, begin_session …; letters.invite; pages under /sign-in/, /account/, /letters/.
Ports     settings.DEMO_PEOPLE (whom to choose from in the demo company), settings.SIGN_IN_RULES (what policy says).
Promises  A stranger reaches nothing but public pages, and learns of no name whether it exists. A closed account, a new
          password, an ended or too long sitting are over at the next request. Tokens are kept as digests only.
"""
