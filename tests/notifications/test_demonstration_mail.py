"""The demonstration shows its mails and keeps them; nothing leaves the machine."""

from pathlib import Path

from django.core.mail import EmailMessage

from notifications.mail import ConsoleAndFolderBackend


def test_a_mail_is_shown_and_kept(settings, tmp_path: Path, capsys):
    settings.EMAIL_FILE_PATH = str(tmp_path)

    sent = ConsoleAndFolderBackend().send_messages([EmailMessage("Bonjour", "Voici le lien.", to=["a@b.example"])])

    assert sent == 1
    assert "Voici le lien." in capsys.readouterr().out
    (kept,) = tmp_path.iterdir()
    assert "Subject: Bonjour" in kept.read_text()
