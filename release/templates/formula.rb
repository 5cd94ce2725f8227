class TaosSetup < Formula
  desc "@SHORT_SUMMARY@"
  homepage "@ADDRESS@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

@PLATFORMS@

  def install
    bin.install "taos-setup"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/taos-setup.bash" => "taos-setup"
    zsh_completion.install "completions/_taos-setup"
    fish_completion.install "completions/taos-setup.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/taos-setup --version")
  end
end
