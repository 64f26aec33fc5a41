"""Release, swap and top-up as cases: who asked, what was checked, who decided, what moved. The bot never decides."""
