introductions-none = No introduction so far.
state-proposed = proposed
state-introduced = introduced
state-ended = came to nothing
state-closed = taken back
led-met = a meeting
led-project = a project
led-nothing = nothing so far
