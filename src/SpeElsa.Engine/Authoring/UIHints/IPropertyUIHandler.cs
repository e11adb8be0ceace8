using System.Reflection;

namespace Elsa.Workflows
{
    /// <summary>Tells the designer what the editor of an input needs. Named by <see cref="Attributes.InputAttribute.UIHandler"/>.</summary>
    public interface IPropertyUIHandler
    {
        /// <summary>Which of several handlers has the last word on a key: the one with the highest. Default 0.</summary>
        float Priority { get; }

        /// <summary>What the editor needs, by key.</summary>
        /// <param name="propertyInfo">The input.</param>
        /// <param name="context">What the user has entered so far, or null.</param>
        /// <param name="cancellationToken">Stops waiting.</param>
        ValueTask<IDictionary<string, object>> GetUIPropertiesAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken = default);
    }

    /// <summary>Says which handlers serve an editor when the input names none.</summary>
    public interface IUIHintHandler
    {
        /// <summary>The editor.</summary>
        string UIHint { get; }

        /// <summary>Classes that implement <see cref="IPropertyUIHandler"/>.</summary>
        ValueTask<IEnumerable<Type>> GetPropertyUIHandlersAsync(PropertyInfo propertyInfo, CancellationToken cancellationToken);
    }
}

namespace Elsa.Workflows.UIHints
{
    /// <summary>Base of handlers.</summary>
    public abstract class PropertyUIHandlerBase : IPropertyUIHandler
    {
        /// <inheritdoc />
        public virtual float Priority => 0;

        /// <inheritdoc />
        public abstract ValueTask<IDictionary<string, object>> GetUIPropertiesAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken = default);
    }
}
