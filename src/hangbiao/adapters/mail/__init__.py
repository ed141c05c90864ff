"""Mail, by the installation's own mail server: the settings of Django's mail (HANGBIAO_MAIL_…), also used for letters."""
