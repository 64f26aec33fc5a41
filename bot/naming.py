"""How people call the things of a workspace, for the words."""

from datasources.workspace import Workspace


class WorkspaceNames:
    """Names by id; a KeyError says that the id is unknown."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def good(self, code: str) -> str:
        """A good's name."""
        return self._workspace.goods[code].name

    def tank(self, tank_id: str) -> str:
        """A tank's name."""
        index = self._workspace.index
        return index.tanks[index.row[tank_id]].name

    def site(self, site_id: str) -> str:
        """A site's name."""
        return self._workspace.sites[site_id].name

    def contract(self, contract_id: str) -> str:
        """A contract's short name."""
        return self._workspace.contracts[contract_id].name

    def person(self, person_id: str) -> str:
        """Organisation and name, as the group says it."""
        return self._workspace.roster.named(person_id)
