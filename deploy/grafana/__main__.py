"""Writes the dashboards' JSON, which is checked in: Grafana reads it as it is."""

from deploy.grafana.writing import DASHBOARDS, FOLDER, written

if __name__ == "__main__":
    for board in DASHBOARDS:
        (FOLDER / f"{board.uid}.json").write_text(written(board))
