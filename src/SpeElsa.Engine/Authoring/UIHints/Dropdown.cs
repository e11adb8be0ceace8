using System.Reflection;
using SpeElsa.Engine.Definitions;

namespace Elsa.Workflows.UIHints.Dropdown;

/// <summary>The choices of a drop-down.</summary>
/// <param name="Items">The choices.</param>
public record SelectList(ICollection<SelectListItem> Items);

/// <summary>A choice.</summary>
/// <param name="Text">What people see.</param>
/// <param name="Value">What is stored.</param>
public record SelectListItem(string Text, string Value);

/// <summary>What a drop-down needs.</summary>
public class DropDownProps
{
    /// <summary>The choices.</summary>
    public SelectList? SelectList { get; set; }

    /// <summary>Who gives the choices, where the designer asks for them later.</summary>
    public string? ProviderName { get; set; }
}

/// <summary>Base of classes that give the choices of a drop-down.</summary>
public abstract class DropDownOptionsProviderBase : IPropertyUIHandler
{
    /// <inheritdoc />
    public virtual float Priority => 0;

    /// <summary>Whether the designer asks again when another input changes. Default false.</summary>
    protected virtual bool RefreshOnChange => false;

    /// <inheritdoc />
    public virtual async ValueTask<IDictionary<string, object>> GetUIPropertiesAsync(
        PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken = default) => UIOptions.Of(
            InputUIHints.DropDown,
            new DropDownProps { SelectList = new SelectList(await GetItemsAsync(propertyInfo, context, cancellationToken)) },
            RefreshOnChange,
            GetUIPropertyAdditionalOptions());

    /// <summary>The choices.</summary>
    protected abstract ValueTask<ICollection<SelectListItem>> GetItemsAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken);

    /// <summary>What else the editor needs, by key.</summary>
    protected virtual IDictionary<string, object> GetUIPropertyAdditionalOptions() => new Dictionary<string, object>();
}

/// <summary>Takes the choices from the input's options, or from its enum.</summary>
public class StaticDropDownOptionsProvider : IPropertyUIHandler
{
    /// <summary>Before all others.</summary>
    public float Priority => -1;

    /// <inheritdoc />
    public ValueTask<IDictionary<string, object>> GetUIPropertiesAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken = default)
    {
        SelectListItem[] items = [.. UIOptions.ChoicesOf(propertyInfo).Select(choice => new SelectListItem(choice.Text, choice.Value))];
        return new(UIOptions.Of(InputUIHints.DropDown, items.Length > 0 ? new DropDownProps { SelectList = new SelectList(items) } : null));
    }
}

/// <summary>Drop-downs take their choices from <see cref="StaticDropDownOptionsProvider"/>.</summary>
public class DropDownUIHintHandler : IUIHintHandler
{
    /// <inheritdoc />
    public string UIHint => InputUIHints.DropDown;

    /// <inheritdoc />
    public ValueTask<IEnumerable<Type>> GetPropertyUIHandlersAsync(PropertyInfo propertyInfo, CancellationToken cancellationToken) => new([typeof(StaticDropDownOptionsProvider)]);
}
