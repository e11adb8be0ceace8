using SpeElsa.Engine.Expressions;

namespace SpeElsa.Engine.Tests.Expressions;

public sealed class BoundedCacheTests
{
    private readonly List<string> _made = [];
    private readonly BoundedCache<string, string> _cache = new(2);

    [Fact]
    public void What_was_used_last_is_kept_and_the_oldest_goes()
    {
        foreach (var key in (string[])["a", "b", "a", "c", "a", "b"])
        {
            Assert.Equal(key + "!", Get(key));
        }

        Assert.Equal(["a", "b", "c", "b"], _made);
    }

    [Fact]
    public void What_was_removed_is_made_again()
    {
        Get("a");

        _cache.Remove("a");
        Get("a");

        Assert.Equal(["a", "a"], _made);
    }

    [Fact]
    public void What_could_not_be_made_is_not_kept()
    {
        Assert.Throws<InvalidOperationException>(() => _cache.GetOrAdd("a", _ => throw new InvalidOperationException()));

        Assert.Equal("a!", Get("a"));
    }

    private string Get(string key) => _cache.GetOrAdd(key, wanted =>
    {
        _made.Add(wanted);
        return wanted + "!";
    });
}
