"""What accounts show: signing in and out, letters, and everybody's own page of passwords and sessions.

Every view is thin: form in, service call, sentence or page out. Views marked `@public` are open to strangers; all others
answer to the signed-in reader about their own account only.
"""
