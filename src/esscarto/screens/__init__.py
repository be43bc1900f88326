"""What is shown in a room, screen after screen: a tour of visits, or a territory told from its data."""
