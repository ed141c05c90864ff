"""Workdays: which days are worked, as versions of one table that an administrator can change.

Tables    Version, Day (both append-only; a change is a new version).
Doors     services.seed / change_days with sources.DayRow; selectors.calendar gives the core's WorkCalendar of a
          version, selectors.latest_version its number. Version 1 comes with the installation.
Told      WorkdaysChanged.
Promises  Make-up days count as work. Days whose notice has not been published are Mon-Fri less the known holidays and
          marked provisional; asking about them never fails. An old version answers as it did.
"""
