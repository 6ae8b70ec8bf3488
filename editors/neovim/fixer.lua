-- Misheard names in transcripts, for Neovim 0.11 or newer: put this file into ~/.config/nvim/lsp/ and say
--   vim.filetype.add({ extension = { srt = "srt", vtt = "vtt" } })
--   vim.lsp.enable("fixer")
return {
  cmd = { "fixer", "lsp" },
  filetypes = { "text", "markdown", "srt", "vtt" },
  root_markers = { "fixer.toml", ".fixer", ".git" },
}
