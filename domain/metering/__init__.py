"""From what a gauge says to tonnes: the static chain of API MPMS 12.1.1 and GB/T 19779, one formula family a file."""
