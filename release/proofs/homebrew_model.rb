# Evaluates a formula as Homebrew does on the platform that MODEL_SYSTEM and MODEL_CPU name, and tells what it would fetch.
require "json"

class Formula
  class << self
    %i[desc homepage url sha256 version].each do |name|
      define_method(name) { |value| (@told ||= {})[name] = value }
    end

    def license(_expression) = nil
    def test = nil

    { on_macos: %w[MODEL_SYSTEM macos], on_linux: %w[MODEL_SYSTEM linux],
      on_intel: %w[MODEL_CPU intel], on_arm: %w[MODEL_CPU arm] }.each do |name, (variable, value)|
      define_method(name) { |&block| instance_eval(&block) if ENV.fetch(variable) == value }
    end

    def told = JSON.generate(@told)
  end
end
