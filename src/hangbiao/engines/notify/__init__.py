"""Messages: what has happened, told to people in the tool they already use, until it has arrived or somebody knows why not.

Tables    Message, Part (what it tells, once per event and account), Todo, ChannelState; append-only: Attempt, Template,
          Callback (what a messenger told us, once however often).
Doors     services.write, finish, retry, resume, publish; sending.pump and confirming.follow (jobs); selectors; catalogue;
          hearing.hear, and the page that messengers call.
Told      ChannelStopped, MessageRead.
Ports     ports.Channel (adapters, named in settings.CHANNELS); reach.People: who can be reached how, in which language, when;
          inbound.Inbound (settings.CALLBACKS): judges what a messenger calls back.
Promises  A message is kept in the transaction of what it tells. Its bytes are kept before the first try and every try sends
          the same; one sender at a time. No message is lost: each ends accepted, withdrawn, or visible as trouble with a
          remedy. One message per person and moment. Nothing is sent in quiet time.
"""
