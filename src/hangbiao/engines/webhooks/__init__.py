"""Webhooks: events told to other programs, signed, until they say that they heard.

Tables    Subscription (whom to tell, what), Delivery (one event for one subscription).
Doors     services.subscribe, end_subscription, renew_secret, send_again; reactions.publish (afterwards); pages in the studio.
Promises  An event is told at least once, with an id by which the hearer knows a repetition. The signature is that of the
          Standard Webhooks (HMAC-SHA256 over id, time and body). What is not heard after ten tries is kept as a dead letter with
          its remedy. No request goes to an address inside the house unless the operator allows it.
"""
