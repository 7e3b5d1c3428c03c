"""The measurements of a run, kept in a JSON file as they arrive, so that a run can be taken up again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import Key, Measurement

__all__ = ["Store"]

_FORMAT = 1


@dataclass
class Store:
    """Measurements by key, in the order in which they were made; written to ``path``, if there is one."""

    settings: dict[str, Any]
    path: Path | None = None
    days: list[str] = field(default_factory=list)
    measurements: dict[Key, Measurement] = field(default_factory=dict)

    def add(self, made: Measurement) -> None:
        """Keep a measurement, and write the file anew: at no time is it half a file."""
        self.measurements[made.key] = made
        today = datetime.now(UTC).date().isoformat()
        if today not in self.days:
            self.days.append(today)
        if self.path is None:
            return
        data = {
            "format": _FORMAT,
            "settings": self.settings,
            "days": self.days,
            "measurements": [asdict(one) for one in self.measurements.values()],
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        partial = self.path.with_name(f"{self.path.name}.partial")
        partial.write_text(json.dumps(data, indent=1, ensure_ascii=False))
        partial.replace(self.path)

    @classmethod
    def resume(cls, settings: dict[str, Any], path: Path) -> Store:
        """Read what an earlier run left; a larger limit tries again what was over the smaller one.

        Raises ValueError if the file is none of ours, or was made with other settings than these.
        """
        store = cls(settings, path)
        if not path.exists():
            return store
        try:
            data = json.loads(path.read_text())
            made = [Measurement(**{**one, "logs": tuple(one["logs"])}) for one in data["measurements"]]
            before, store.days = data["settings"], data["days"]
        except (KeyError, TypeError, ValueError) as error:
            message = f"{path} is no file of measurements; give --json another name, or leave out --resume"
            raise ValueError(message) from error
        store.settings = {**settings, "eigen": settings["eigen"] or before.get("eigen", "")}
        fixed = [name for name in settings if name not in ("limit", "eigen")]
        differing = [name for name in fixed if settings[name] != before.get(name)]
        if differing:
            message = (
                f"{path} was made with other settings ({', '.join(differing)}); "
                f"give --json another name, or leave out --resume"
            )
            raise ValueError(message)
        retried = {"absent", "not tried"} | ({"over limit"} if settings["limit"] > before["limit"] else set())
        store.measurements = {one.key: one for one in made if one.status not in retried}
        return store
