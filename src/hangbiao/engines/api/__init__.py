"""The interface for programs: keys with scopes, answers that are given once, refusals as problem+json, the docs page.

Tables    ApiKey (hashed, shown once), Use (requests per key and minute), Answer (what an Idempotency-Key was answered).
Doors     middleware.interface sets `request.key`; access.needs("read:lights") guards an operation; answers.once for
          operations that must not happen twice; cursors for paging; services.make_key, revoke_key; pages /api/docs.
Port      settings.API: dotted path of the ninja API; settings.API_GRANTS: account, role → scopes of a signed-in person.
Promises  A key sees what lies below its own paths and may do what its own scopes name, for a reason that is journalled.
          Repeating a request with its Idempotency-Key changes nothing and answers the same bytes. Every refusal under
          /api/ is a problem+json with a sentence in the reader's language.
"""
