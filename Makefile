# The logic is in dev.py (standard library only), so that a machine without make works too: python3 dev.py run
PYTHON ?= python3
COMMANDS = run test test-long soak lint bench tck shots lock system-deps develop clean

.PHONY: $(COMMANDS)
$(COMMANDS):
	@$(PYTHON) dev.py $@
