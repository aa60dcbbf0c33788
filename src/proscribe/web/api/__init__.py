"""Programs: the same services as the pages, as JSON at `/api/v1`, for whoever holds a token."""
