"""The files of the user's documents, in pieces, so that processes need not share a folder."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table; files that lie beside the database are taken into it when the documents are first opened."""
    op.create_table(
        "document_contents",
        sa.Column("document", sa.String(16), sa.ForeignKey("documents.id"), primary_key=True),
        sa.Column("piece", sa.Integer, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    """Take the table away; the passages of the documents stay, pictures of their pages are gone."""
    op.drop_table("document_contents")
