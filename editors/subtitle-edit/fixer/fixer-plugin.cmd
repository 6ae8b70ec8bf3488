@py -3 "%~dp0fixer-plugin" %*
