"""Relations between figures, and the one judge of them: kinds propose, `confront` evaluates, `judge` decides."""
