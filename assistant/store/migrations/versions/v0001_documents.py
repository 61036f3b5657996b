"""The tables of the first release: documents, their passages, vectors. A database from before migrations has them already."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables that are not there."""
    have = set(sa.inspect(op.get_bind()).get_table_names())
    if "documents" not in have:
        op.create_table(
            "documents",
            sa.Column("id", sa.String(16), primary_key=True),
            sa.Column("title", sa.Text, nullable=False),
            sa.Column("language", sa.String(8), nullable=False),
            sa.Column("jurisdiction", sa.String(16)),
            sa.Column("local_only", sa.Boolean, nullable=False),
            sa.Column("file", sa.Text, nullable=False),
            sa.Column("sha256", sa.String(64), nullable=False),
            sa.Column("size", sa.Integer, nullable=False),
            sa.Column("pages", sa.Integer),
            sa.Column("empty_pages", sa.Integer, nullable=False),
            sa.Column("added_on", sa.Date, nullable=False),
        )
    if "document_passages" not in have:
        op.create_table(
            "document_passages",
            sa.Column("document", sa.String(16), sa.ForeignKey("documents.id"), primary_key=True),
            sa.Column("place", sa.Integer, primary_key=True),
            sa.Column("page", sa.Integer),
            sa.Column("text", sa.Text, nullable=False),
        )
    if "vectors" not in have:
        op.create_table(
            "vectors",
            sa.Column("model", sa.String(80), primary_key=True),
            sa.Column("content", sa.String(64), primary_key=True),
            sa.Column("vector", sa.LargeBinary, nullable=False),
        )


def downgrade() -> None:
    """Take the tables away."""
    for table in ("document_passages", "documents", "vectors"):
        op.drop_table(table)
