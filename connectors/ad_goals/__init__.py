"""What ad platforms share whose conversions are metrics of a report; lands nothing by itself."""
