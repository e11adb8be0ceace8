using System.Diagnostics.CodeAnalysis;

namespace SpeElsa.Engine.Expressions;

/// <summary>Keeps what was used last. Making a value may happen twice when two ask for it at once; both get the same one.</summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<KeyValuePair<TKey, TValue>>> _entries = [];
    private readonly LinkedList<KeyValuePair<TKey, TValue>> _byUse = new();

    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make)
    {
        if (TryGet(key, out var found))
        {
            return found;
        }

        var made = make(key);
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var other))
            {
                return other.Value.Value;
            }

            _entries[key] = _byUse.AddFirst(KeyValuePair.Create(key, made));
            if (_entries.Count > capacity)
            {
                _entries.Remove(_byUse.Last!.Value.Key);
                _byUse.RemoveLast();
            }

            return made;
        }
    }

    public void Remove(TKey key)
    {
        lock (_gate)
        {
            if (_entries.Remove(key, out var entry))
            {
                _byUse.Remove(entry);
            }
        }
    }

    private bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                value = default;
                return false;
            }

            _byUse.Remove(entry);
            _byUse.AddFirst(entry);
            value = entry.Value.Value;
            return true;
        }
    }
}
