//! Calendar files (iCalendar, RFC 5545) of meetings, as invitations (iTIP, RFC 5546).
