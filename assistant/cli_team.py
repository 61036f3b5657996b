"""The commands of whoever runs the server for several people: organisations, invitations, the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.types import AssistantError

if TYPE_CHECKING:
    from assistant.store.database import Database

app = typer.Typer(no_args_is_help=True, help="Organisations and accounts, for whoever runs the server.")
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - no address that a browser can open


@app.command()
def found(
    name: Annotated[str, typer.Argument(help="Name of the organisation.")],
    admin: Annotated[str, typer.Option(help="E-mail address of its first admin.")],
) -> None:
    """Make an organisation and an invitation for its first admin; the first one takes over what is kept already."""
    from assistant.store.accounts import Accounts
    from assistant.store.people import address

    engine = _engine()
    accounts, email = Accounts(engine), address(admin)
    if accounts.by_email(email) is not None:
        raise AssistantError(f"{email} has an account already; an address belongs to one organisation. Use another.")
    organisation = accounts.found(name)
    typer.echo(f"Organisation {name}, id {organisation}.")
    _invite(engine, organisation, email, "admin")


@app.command(name="list")
def list_() -> None:
    """List the organisations with how many accounts each has."""
    from assistant.store.accounts import Accounts

    for one in Accounts(_engine()).organisations():
        typer.echo(f"{one.id}  {one.people:>4} accounts  {one.name}")


@app.command()
def invite(
    email: Annotated[str, typer.Argument(help="E-mail address of whom to invite.")],
    organisation: Annotated[str, typer.Option(help="Id of the organisation; 'team list' shows it.")],
    role: Annotated[str, typer.Option(help="admin, assessor, reviewer or reader.")] = "admin",
) -> None:
    """Make an invitation, for an organisation that has no admin any more."""
    from assistant.store.accounts import Accounts

    engine = _engine()
    if organisation not in {one.id for one in Accounts(engine).organisations()}:
        raise AssistantError(f"There is no organisation '{organisation}'. 'team list' shows them.")
    _invite(engine, organisation, email, role)


@app.command()
def reset(email: Annotated[str, typer.Argument(help="E-mail address of the account.")]) -> None:
    """Make a link to choose a new password."""
    from assistant.store.accounts import Accounts
    from assistant.store.acting import Acting
    from assistant.store.links import LinkStore

    engine = _engine()
    person = Accounts(engine).by_email(email)
    if person is None:
        raise AssistantError(f"There is no open account with the address {email}. Check the spelling.")
    _tell("reset", LinkStore(engine).make(Acting(person.organisation), "reset", person.email, person.role))


@app.command()
def audit() -> None:
    """Check that nobody changed the audit log: each entry must follow on the one before; exit 1 where one does not."""
    from assistant.store.audit_log import AuditStore

    broken = AuditStore(_engine()).first_broken()
    if broken is not None:
        typer.echo(f"The chain is broken from entry {broken} on: compare the log with a backup.", err=True)
        raise SystemExit(1)
    typer.echo("The audit log is whole.")


def _invite(engine: Database, organisation: str, email: str, role: str) -> None:
    from assistant.store.acting import Acting
    from assistant.store.links import LinkStore

    _tell("join", LinkStore(engine).make(Acting(organisation), "invitation", email, role))


def _tell(kind: str, secret: str) -> None:
    from assistant.settings import load_settings

    settings = load_settings()
    host = _EVERYWHERE.get(settings.host, settings.host)
    root = settings.public_url.rstrip("/") or f"http://{host}:{settings.port}"
    typer.echo(
        "Hand over one of these links (English, Japanese); they work once, as soon as the application is started, "
        f"and are not shown again:\n{root}/en/{kind}/{secret}\n{root}/ja/{kind}/{secret}"
    )
    if not settings.public_url:
        typer.echo("Where browsers reach it under another address, put that in its place, or set ASSISTANT_PUBLIC_URL.")


def _engine() -> Database:
    from assistant.settings import load_settings, make_data_dir
    from assistant.store.database import open_database

    settings = load_settings()
    make_data_dir(settings)
    return open_database(settings.effective_database_url)
