using System.Reflection;
using SpeElsa.Engine.Definitions;

namespace Elsa.Workflows.UIHints.RadioList;

/// <summary>The choices of a radio list.</summary>
public class RadioList
{
    /// <summary>The choices.</summary>
    public IEnumerable<RadioListItem> Items { get; set; } = [];

    /// <summary>Whether the choices are flags of one value.</summary>
    public bool IsFlagsEnum { get; set; }
}

/// <summary>A choice.</summary>
/// <param name="Text">What people see.</param>
/// <param name="Value">What is stored.</param>
public record RadioListItem(string Text, string Value);

/// <summary>What a radio list needs.</summary>
public class RadioListProps
{
    /// <summary>The choices.</summary>
    public RadioList? RadioList { get; set; }
}

/// <summary>Base of classes that give the choices of a radio list.</summary>
public abstract class RadioListOptionsProviderBase : PropertyUIHandlerBase
{
    /// <summary>Whether the designer asks again when another input changes. Default false.</summary>
    protected virtual bool RefreshOnChange => false;

    /// <inheritdoc />
    public override async ValueTask<IDictionary<string, object>> GetUIPropertiesAsync(
        PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken = default)
    {
        var items = await GetItemsAsync(propertyInfo, context, cancellationToken);
        var list = new RadioList { Items = items, IsFlagsEnum = UIOptions.IsFlags(propertyInfo) };
        return UIOptions.Of(InputUIHints.RadioList, items.Count > 0 ? new RadioListProps { RadioList = list } : null, RefreshOnChange, GetUIPropertyAdditionalOptions());
    }

    /// <summary>The choices.</summary>
    protected abstract ValueTask<ICollection<RadioListItem>> GetItemsAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken);

    /// <summary>What else the editor needs, by key.</summary>
    protected virtual IDictionary<string, object> GetUIPropertyAdditionalOptions() => new Dictionary<string, object>();
}

/// <summary>Takes the choices from the input's options, or from its enum.</summary>
public class StaticRadioListOptionsProvider : RadioListOptionsProviderBase
{
    /// <summary>Before all others.</summary>
    public override float Priority => -1;

    /// <inheritdoc />
    protected override ValueTask<ICollection<RadioListItem>> GetItemsAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken) =>
        new([.. UIOptions.ChoicesOf(propertyInfo).Select(choice => new RadioListItem(choice.Text, choice.Value))]);
}

/// <summary>Radio lists take their choices from <see cref="StaticRadioListOptionsProvider"/>.</summary>
public class RadioListUIHintHandler : IUIHintHandler
{
    /// <inheritdoc />
    public string UIHint => InputUIHints.RadioList;

    /// <inheritdoc />
    public ValueTask<IEnumerable<Type>> GetPropertyUIHandlersAsync(PropertyInfo propertyInfo, CancellationToken cancellationToken) => new([typeof(StaticRadioListOptionsProvider)]);
}
