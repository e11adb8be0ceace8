namespace SpeElsa.Engine.Persistence.Tests;
public sealed class SmokeTests { [Fact] public void Runs() => Assert.True(true); }
