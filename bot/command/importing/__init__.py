"""``xiaoliuzi import``: a bank's own history into the series, whether the workspace runs or not."""
