"""What is kept: the database and, later, assessments, chats and documents. SQLAlchemy lives here alone."""
