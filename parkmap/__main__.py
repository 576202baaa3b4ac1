"""``python -m parkmap``."""

from parkmap.cli import main

if __name__ == "__main__":
    main()
