"""The files of the user's documents, in pieces, so that processes need not share a folder; and whose each comment is."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make room; files that lie beside the database are taken into it when the documents are first opened."""
    op.add_column("comments", sa.Column("person", sa.String(12), nullable=False, server_default=""))
    op.create_table(
        "document_contents",
        sa.Column("document", sa.String(16), sa.ForeignKey("documents.id"), primary_key=True),
        sa.Column("piece", sa.Integer, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    """Take it away; the passages of the documents stay, pictures of their pages are gone."""
    op.drop_column("comments", "person")
    op.drop_table("document_contents")
