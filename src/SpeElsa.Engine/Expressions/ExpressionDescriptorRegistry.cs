using Elsa.Expressions.Contracts;
using Elsa.Expressions.Models;

namespace SpeElsa.Engine.Expressions;

/// <summary>The expression syntaxes all providers bring.</summary>
internal sealed class ExpressionDescriptorRegistry : IExpressionDescriptorRegistry
{
    private readonly Lock _gate = new();
    private volatile ExpressionDescriptor[] _descriptors = [];

    public ExpressionDescriptorRegistry(IEnumerable<IExpressionDescriptorProvider> providers) => AddRange(providers.SelectMany(provider => provider.GetDescriptors()));

    public void Add(ExpressionDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        lock (_gate)
        {
            var index = Array.FindIndex(_descriptors, known => IsNamed(known, descriptor.Type));
            _descriptors = index < 0 ? [.. _descriptors, descriptor] : [.. _descriptors[..index], descriptor, .. _descriptors[(index + 1)..]];
        }
    }

    public void AddRange(IEnumerable<ExpressionDescriptor> descriptors)
    {
        ArgumentNullException.ThrowIfNull(descriptors);
        foreach (var descriptor in descriptors)
        {
            Add(descriptor);
        }
    }

    public IEnumerable<ExpressionDescriptor> ListAll() => _descriptors;

    public ExpressionDescriptor? Find(Func<ExpressionDescriptor, bool> predicate) => _descriptors.FirstOrDefault(predicate);

    public ExpressionDescriptor? Find(string type) => Array.Find(_descriptors, known => IsNamed(known, type));

    private static bool IsNamed(ExpressionDescriptor descriptor, string type) => string.Equals(descriptor.Type, type, StringComparison.OrdinalIgnoreCase);
}
