"""HubSpot CRM, marketing e-mail, forms and feedback, by API."""
