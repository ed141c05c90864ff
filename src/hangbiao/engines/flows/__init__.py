"""Flows: a vertical list of steps that several people go through, with roles, deadlines in working days and a memory.

Tables    Definition (append-only versions), Case, Task.
Doors     definition.read(body, …) checks a flow; services.publish, open_cases, act, hand_over, sweep; selectors.
Told      CasesOpened, CasesRaised, TasksGiven, TasksDone, TasksReminded, TasksEscalated, CaseClosed.
Port      ports.connect(Roles): who fills a role for a subject on a day.
Promises  One open case per flow and subject. A running case stays on its version. Silence escalates and never approves.
          Nobody has two tasks of one step; whoever a task came from stays on it when it is handed over. Every transition
          is in the journal.
"""
