"""What would have gone to the broker."""

from dataclasses import dataclass, field


@dataclass
class Postbox:
    """`sent` holds (task name, job id), in order."""

    sent: list[tuple[str, int]] = field(default_factory=list)

    def send_task(self, name: str, args: list[int]) -> None:
        self.sent.append((name, args[0]))
