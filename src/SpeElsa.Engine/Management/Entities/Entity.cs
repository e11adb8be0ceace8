using System.Linq.Expressions;

namespace Elsa.Common.Entities;

/// <summary>Something that is stored under an id.</summary>
public abstract class Entity
{
    /// <summary>The id.</summary>
    public string Id { get; set; } = "";
}

/// <summary>Something that is stored in versions.</summary>
public abstract class VersionedEntity : Entity
{
    /// <summary>When the version was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The version's number, from 1.</summary>
    public int Version { get; set; }

    /// <summary>Whether it is the newest.</summary>
    public bool IsLatest { get; set; }

    /// <summary>Whether it is in force.</summary>
    public bool IsPublished { get; set; }
}

/// <summary>Which end of a list comes first.</summary>
public enum OrderDirection
{
    /// <summary>The smallest.</summary>
    Ascending = 0,

    /// <summary>The greatest.</summary>
    Descending = 1,
}

/// <summary>An order of a list.</summary>
public class OrderDefinition<T, TProp>
{
    /// <summary>Makes an order; set its members afterwards.</summary>
    public OrderDefinition()
    {
    }

    /// <summary>Makes an order.</summary>
    /// <param name="keySelector">Names the property, such as <c>x => x.Name</c>.</param>
    /// <param name="direction">Which end comes first.</param>
    public OrderDefinition(Expression<Func<T, TProp>> keySelector, OrderDirection direction)
    {
        KeySelector = keySelector;
        Direction = direction;
    }

    /// <summary>Names the property.</summary>
    public Expression<Func<T, TProp>> KeySelector { get; set; } = null!;

    /// <summary>Which end comes first.</summary>
    public OrderDirection Direction { get; set; }

    /// <summary>Turns the property's name into a column of the store.</summary>
    /// <exception cref="NotSupportedException">The store does not order by it.</exception>
    internal TColumn Column<TColumn>()
        where TColumn : struct, Enum
    {
        var body = KeySelector?.Body is UnaryExpression { NodeType: ExpressionType.Convert } conversion ? conversion.Operand : KeySelector?.Body;
        return body is MemberExpression member && Enum.TryParse<TColumn>(member.Member.Name, out var column)
            ? column
            : throw new NotSupportedException($"Lists can not be ordered by '{KeySelector?.Body}'. Order by {string.Join(", ", Enum.GetNames<TColumn>())}.");
    }
}
