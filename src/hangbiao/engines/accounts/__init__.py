"""Accounts: who can sign in, signing in and out, and the rule that every page is closed unless it says otherwise.

Tables    Account (the user table), WrongPassword (refused attempts, to slow guessing down).
Doors     middleware.signed_in sets `request.user`; `@public` opens a page to strangers; services.create_account,
          set_password, sign_in, sign_out; pages /sign-in/ and /sign-out/.
Port      settings.DEMO_PEOPLE: dotted path of a callable that gives the people to choose from in the demo company.
Promises  A stranger reaches nothing but public pages. An account that was closed is signed out at its next request.
          Ten wrong passwords in a quarter of an hour close the form for that name and address.
"""
